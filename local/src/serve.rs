//! Accepts connections for every server of the local stack.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use axum::Router;
use axum::response::IntoResponse;
use hyper::body::{Body, Incoming};
use hyper::service::{Service, service_fn};
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

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
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        let answer = router.call(request);
        async move {
            let Ok(response) = answer.await;
            match response.extensions().get::<NoAnswer>() {
                // To a service that fails, hyper answers by closing the connection.
                Some(_) => Err(NoAnswer),
                None => Ok(response),
            }
        }
    });
    serve_guarded(listener, service, anybody)
}

/// What a handler answers whose answer the network loses: the connection is closed without a byte of it.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the answer is lost")]
pub struct NoAnswer;

impl IntoResponse for NoAnswer {
    fn into_response(self) -> axum::response::Response {
        let mut response = ().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The guard that lets every connection in.
pub async fn anybody(stream: TcpStream) -> Option<TcpStream> {
    Some(stream)
}

/// Serves with a look at each new connection before any of it is read; the guard may keep it for itself. When the task is
/// aborted, its connections are closed with it.
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
        let mut connections = JoinSet::new();
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            while connections.try_join_next().is_some() {}
            // Without it, Nagle's algorithm and delayed acknowledgements add 40 ms to small answers.
            stream.set_nodelay(true).ok();
            let service = service.clone();
            let guarded = guard(stream);
            connections.spawn(async move {
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
