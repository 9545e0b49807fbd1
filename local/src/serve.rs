//! Accepts connections for every server of the local stack.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use axum::Router;
use hyper::body::{Body, Incoming};
use hyper::service::Service;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Listens on 127.0.0.1; port 0 is any free one.
pub async fn listen(port: u16) -> Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .with_context(|| format!("port {port} is not free; --port N takes another"))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves HTTP/1.1 until the task is aborted.
pub fn serve(listener: TcpListener, router: Router) -> JoinHandle<()> {
    serve_guarded(listener, TowerToHyperService::new(router), anybody)
}

/// The guard that lets every connection in.
pub async fn anybody(stream: TcpStream) -> Option<TcpStream> {
    Some(stream)
}

/// Serves with a look at each new connection before any of it is read; the guard may keep it for itself.
pub fn serve_guarded<S, B, F>(
    listener: TcpListener,
    service: S,
    guard: impl Fn(TcpStream) -> F + Send + 'static,
) -> JoinHandle<()>
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    F: Future<Output = Option<TcpStream>> + Send + 'static,
{
    tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            // Without it, Nagle's algorithm and delayed acknowledgements add 40 ms to small answers.
            stream.set_nodelay(true).ok();
            let service = service.clone();
            let guarded = guard(stream);
            tokio::spawn(async move {
                let Some(stream) = guarded.await else { return };
                let connection = hyper::server::conn::http1::Builder::new()
                    .timer(TokioTimer::new())
                    .max_headers(500)
                    .serve_connection(TokioIo::new(stream), service);
                connection.await.ok();
            });
        }
    })
}
