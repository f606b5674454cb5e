//! Whether the other end of a loopback connection belongs to the user of this process.

use std::net::{IpAddr, SocketAddr};

/// Whether the peer's socket is of the same user. Linux says so in `/proc/net/tcp` and `tcp6`; a socket that is not listed
/// there is taken for another user's. Elsewhere nobody is told apart, see `docs/security.md`.
pub(super) async fn is_same_user(peer: SocketAddr, own: SocketAddr) -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    // The tables are files that the system makes while they are read.
    let asked = tokio::task::spawn_blocking(move || owner(peer, own)).await;
    asked.is_ok_and(|owner| owner.is_some() && owner == this_user())
}

#[cfg(unix)]
fn this_user() -> Option<u32> {
    Some(rustix::process::geteuid().as_raw())
}

#[cfg(not(unix))]
fn this_user() -> Option<u32> {
    None
}

/// The user ID of the socket that is bound to `peer` and connected to `own`.
fn owner(peer: SocketAddr, own: SocketAddr) -> Option<u32> {
    ["/proc/net/tcp", "/proc/net/tcp6"].iter().find_map(|table| {
        let table = std::fs::read_to_string(table).ok()?;
        listed(&table, peer, own)
    })
}

/// The `uid` column of a connection in a table of the form of `/proc/net/tcp` (proc_net_tcp in the kernel's documentation).
fn listed(table: &str, peer: SocketAddr, own: SocketAddr) -> Option<u32> {
    let (local, remote) = (spellings(peer), spellings(own));
    table.lines().find_map(|line| {
        let mut columns = line.split_ascii_whitespace().skip(1);
        let is =
            |column: Option<&str>, known: &[String]| column.is_some_and(|c| known.iter().any(|k| k == c));
        if !is(columns.next(), &local) || !is(columns.next(), &remote) {
            return None;
        }
        // State, queues, timer and retransmissions stand between.
        columns.nth(4)?.parse().ok()
    })
}

/// An address as the tables write it: every 32 bits as the machine reads them. An IPv4 address may stand in the IPv6 table.
fn spellings(address: SocketAddr) -> Vec<String> {
    let words = |bytes: &[u8]| -> String {
        let word = |part: &[u8]| <[u8; 4]>::try_from(part).map(u32::from_ne_bytes).unwrap_or_default();
        bytes.chunks_exact(4).map(|part| format!("{:08X}", word(part))).collect()
    };
    let port = address.port();
    let spelled = |bytes: &[u8]| format!("{}:{port:04X}", words(bytes));
    match address.ip() {
        IpAddr::V4(ip) => vec![spelled(&ip.octets()), spelled(&ip.to_ipv6_mapped().octets())],
        IpAddr::V6(ip) => vec![spelled(&ip.octets())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Linux 6.1 on a little-endian machine wrote it; a browser of uid 1000, a listener and another user's connection.
    const TABLE: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:BAD7 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31337 1 0000000000000000 100 0 0 10 0
   1: 0100007F:D431 0100007F:BAD7 01 00000000:00000000 00:00000000 00000000  1000        0 31400 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:BAD7 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 31401 1 0000000000000000 20 4 30 10 -1
   3: 0100007F:D432 0100007F:BAD7 01 00000000:00000000 00:00000000 00000000  1001        0 31402 1 0000000000000000 20 4 30 10 -1
";

    /// The same for a client whose socket is of IPv6.
    const TABLE6: &str = "\
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0000000000000000FFFF00000100007F:D433 0000000000000000FFFF00000100007F:BAD7 01 00000000:00000000 00:00000000 00000000  1000        0 31403 1 0000000000000000 20 4 30 10 -1
";

    #[test]
    #[cfg(target_endian = "little")]
    fn the_owner_of_a_connection_is_read_from_its_own_row() {
        let at = |port: u16| SocketAddr::from(([127, 0, 0, 1], port));
        let own = at(0xBAD7);
        assert_eq!(listed(TABLE, at(0xD431), own), Some(1000));
        assert_eq!(listed(TABLE, at(0xD432), own), Some(1001));
        assert_eq!(listed(TABLE, at(0xD433), own), None);
        assert_eq!(listed(TABLE6, at(0xD433), own), Some(1000));
        assert_eq!(listed(TABLE, at(0xD431), at(0xBAD8)), None);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn this_process_is_the_same_user() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap();
        let stream = tokio::net::TcpStream::connect(own).await.unwrap();
        let (_accepted, peer) = listener.accept().await.unwrap();
        assert_eq!(peer, stream.local_addr().unwrap());
        assert!(is_same_user(peer, own).await);
        drop(stream);
        let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
        assert!(!is_same_user(nobody, own).await);
    }
}
