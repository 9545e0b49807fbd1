//! Request heads that are too long even for the HTTP server behind the gateway, which has an answer of its own for them.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The server itself reads heads up to this length; the gateway's own, lower limit is checked there.
const READABLE: usize = 60_000;
const ANSWER: &[u8] =
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: application/json\r\nconnection: close\r\n\
content-length: 45\r\n\r\n{\"message\":\"Request Header Fields Too Large\"}";

/// How long to look for the head's end; a slower client is the server's affair.
const PATIENCE: Duration = Duration::from_secs(1);

/// Looks at a new connection: one whose first head goes on and on is answered 431 and closed.
pub async fn refuse_endless_head(mut stream: TcpStream) -> Option<TcpStream> {
    let mut seen = vec![0; READABLE];
    let started = Instant::now();
    loop {
        let length = stream.peek(&mut seen).await.ok()?;
        let complete = length == 0 || seen[..length].windows(4).any(|end| end == b"\r\n\r\n");
        if complete || started.elapsed() > PATIENCE {
            return Some(stream);
        }
        if length == READABLE {
            break;
        }
        // Nothing tells when there is more than was peeked at; most heads come in one piece.
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    stream.write_all(ANSWER).await.ok()?;
    stream.shutdown().await.ok();
    // Closing with unread bytes would reset the connection before the client has read the answer.
    let drain = async { while stream.read(&mut seen).await.is_ok_and(|length| length > 0) {} };
    tokio::time::timeout(Duration::from_secs(2), drain).await.ok();
    None
}
