//! Where Glint and Prism lie, as far as the exchanges themselves tell: by Glint's configuration and by its answers.

use super::super::call::{header, origin_of, path_of};
use crate::endpoint::{self, Endpoint, Kind};
use crate::exchange::Exchange;
use serde_json::Value;

/// An origin with the path that stands before every path of the server, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Site {
    origin: String,
    prefix: String,
}

/// The servers that a list of exchanges identifies.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sites {
    glint: Vec<Site>,
    prism: Vec<Site>,
}

impl Sites {
    /// Finds them among exchanges.
    pub(crate) fn of(exchanges: &[Exchange]) -> Self {
        let mut sites = Self::default();
        for exchange in exchanges {
            sites.see(exchange);
        }
        sites
    }

    /// The server that a request of the console's own went to, which may be below a path prefix.
    pub(crate) fn of_request(url: &str) -> Self {
        let path = path_of(url);
        let prefix = path.rfind("/api/").and_then(|start| path.get(..start));
        let site =
            origin_of(url).zip(prefix).map(|(origin, prefix)| Site { origin, prefix: prefix.to_owned() });
        Self { glint: Vec::new(), prism: site.into_iter().collect() }
    }

    fn see(&mut self, exchange: &Exchange) {
        let Some(response) = &exchange.response else { return };
        let path = path_of(&exchange.request.url);
        let Some(origin) = origin_of(&exchange.request.url) else { return };
        if let Some(prefix) = endpoint::prefix(&path, Endpoint::Configuration) {
            let json: Option<Value> =
                response.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
            let text = |name: &str| json.as_ref()?.get(name)?.as_str();
            let Some((base, _)) = text("baseUrl").zip(text("clientId")) else { return };
            add(&mut self.glint, origin, prefix);
            if let Some(origin) = origin_of(base) {
                add(&mut self.prism, origin, path_of(base.trim()).trim_end_matches('/'));
            }
        } else if is_json(exchange) && endpoint::at(&path).interface == Kind::Glint {
            add(&mut self.glint, origin, "");
        }
    }

    /// The path of a URL below the address of its server.
    pub(crate) fn path_of(&self, url: &str) -> String {
        let path = path_of(url);
        if self.glint.iter().chain(&self.prism).all(|site| site.prefix.is_empty()) {
            return path;
        }
        let origin = origin_of(url);
        let here = self.glint.iter().chain(&self.prism).filter(|site| Some(&site.origin) == origin.as_ref());
        let longest = here.filter(|site| below(&path, site).is_some()).max_by_key(|site| site.prefix.len());
        longest.and_then(|site| below(&path, site)).map_or_else(|| path.clone(), str::to_owned)
    }

    /// Whether an address is Glint's, and not also that of a Prism.
    pub(crate) fn is_glint(&self, url: &str) -> bool {
        if self.glint.is_empty() {
            return false;
        }
        let (path, origin) = (path_of(url), origin_of(url));
        let longest = |sites: &[Site]| {
            let here = sites.iter().filter(|site| Some(&site.origin) == origin.as_ref());
            here.filter(|site| below(&path, site).is_some()).map(|site| site.prefix.len()).max()
        };
        longest(&self.glint).is_some_and(|glint| longest(&self.prism).is_none_or(|prism| prism < glint))
    }
}

fn add(sites: &mut Vec<Site>, origin: String, prefix: &str) {
    let site = Site { origin, prefix: prefix.to_owned() };
    if !sites.contains(&site) {
        sites.push(site);
    }
}

fn below<'p>(path: &'p str, site: &Site) -> Option<&'p str> {
    path.strip_prefix(site.prefix.as_str()).filter(|rest| rest.starts_with('/'))
}

fn is_json(exchange: &Exchange) -> bool {
    let response = exchange.response.iter();
    response
        .filter_map(|response| header(&response.headers, "content-type"))
        .any(|kind| kind.to_ascii_lowercase().contains("json"))
}
