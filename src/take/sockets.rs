//! Which ports a process listens on, by the tables of Linux. Elsewhere nothing is known of that.

use std::collections::HashSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

/// A socket that takes connections, and its number in the system.
type Listener = (SocketAddr, u64);

/// Where a process listens; `None` where the system does not tell.
pub(super) fn of_process(pid: u32) -> Option<Vec<SocketAddr>> {
    let own = numbers(pid)?;
    let listeners = of_network(&format!("/proc/{pid}/net"))?;
    Some(listeners.into_iter().filter(|(_, number)| own.contains(number)).map(|(address, _)| address).collect())
}

/// Whether somebody listens on a port of this machine, and which process, if that can be seen.
pub(super) fn holder(port: u16) -> Option<Option<u32>> {
    let listeners = of_network("/proc/net")?;
    let (_, number) = listeners.into_iter().find(|(address, _)| address.port() == port)?;
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    Some(pids.find(|&pid| numbers(pid).is_some_and(|own| own.contains(&number))))
}

/// The numbers of the sockets of a process.
fn numbers(pid: u32) -> Option<HashSet<u64>> {
    let files = fs::read_dir(format!("/proc/{pid}/fd")).ok()?;
    let targets = files.flatten().filter_map(|file| fs::read_link(file.path()).ok());
    Some(targets.filter_map(|target| socket_number(&target)).collect())
}

/// `socket:[12345]`
fn socket_number(target: &Path) -> Option<u64> {
    target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

fn of_network(directory: &str) -> Option<Vec<Listener>> {
    let four = fs::read_to_string(format!("{directory}/tcp")).ok()?;
    // A system without IPv6 has no such table.
    let six = fs::read_to_string(format!("{directory}/tcp6")).unwrap_or_default();
    Some(four.lines().chain(six.lines()).filter_map(listener).collect())
}

/// A line of `/proc/net/tcp`: number, local address, remote address, state, …, inode.
fn listener(line: &str) -> Option<Listener> {
    const LISTENS: &str = "0A";
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (&local, &state, &number) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
    if state != LISTENS {
        return None;
    }
    let (address, port) = local.split_once(':')?;
    // Words of 32 bits, each as this machine has it in memory.
    let bytes: Vec<u8> = (0..address.len() / 8)
        .map(|word| u32::from_str_radix(address.get(word * 8..word * 8 + 8)?, 16).ok())
        .collect::<Option<Vec<u32>>>()?
        .into_iter()
        .flat_map(u32::to_ne_bytes)
        .collect();
    let ip: IpAddr = match <[u8; 4]>::try_from(bytes.as_slice()) {
        Ok(four) => Ipv4Addr::from(four).into(),
        Err(_) => Ipv6Addr::from(<[u8; 16]>::try_from(bytes.as_slice()).ok()?).to_canonical(),
    };
    Some((SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?), number.parse().ok()?))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_listener_is_found_by_its_process_and_its_port() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        assert!(of_process(std::process::id()).unwrap().contains(&address));
        assert_eq!(holder(address.port()), Some(Some(std::process::id())));
        drop(socket);
        assert!(!of_process(std::process::id()).unwrap().contains(&address));
    }

    #[test]
    fn only_lines_of_listeners_count() {
        let line = |state: &str| format!("  0: 0100007F:240D 00000000:0000 {state} 0:0 0:0 0 0 0 777 1 0 100");
        let word = |bytes: [u8; 4]| format!("{:08X}", u32::from_ne_bytes(bytes));
        let line = |state: &str| line(state).replace("0100007F", &word([127, 0, 0, 1]));
        assert_eq!(listener(&line("0A")), Some(("127.0.0.1:9229".parse().unwrap(), 777)));
        assert_eq!(listener(&line("01")), None);
        let six = format!("{}{}{}{}", word([0; 4]), word([0; 4]), word([0; 4]), word([0, 0, 0, 1]));
        let long = format!("1: {six}:1F91 0:0 0A 0 0 0 0 0 5 1");
        assert_eq!(listener(&long), Some(("[::1]:8081".parse().unwrap(), 5)));
        assert_eq!(listener("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"), None);
        assert_eq!(listener("0: é:1 0 0A 0 0 0 0 0 5"), None);
    }
}
