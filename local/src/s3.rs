//! S3: the `s3s` crate's protocol over folders, with signatures checked, multipart uploads and presigned links.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use hyper::body::Incoming;
use hyper::service::Service;
use hyper::{Method, Request};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{HttpError, HttpResponse};
use s3s_fs::FileSystem;
use tokio::sync::RwLock;

use crate::lambda::{ACCESS_KEY, SECRET_KEY};
use crate::template::Template;

/// The buckets of the template, each a folder of this one; what is in the buckets stays.
pub struct S3 {
    root: PathBuf,
    buckets: Vec<String>,
}

impl S3 {
    /// Makes the folders that are not there yet.
    pub fn open(template: &Template, root: &Path) -> Result<Self> {
        let buckets = template.buckets()?;
        for bucket in &buckets {
            let folder = root.join(bucket);
            fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        Ok(Self { root: root.canonicalize()?, buckets })
    }

    /// The folder of the bucket that reports go to.
    pub fn folder(&self) -> PathBuf {
        self.buckets.first().map_or_else(|| self.root.clone(), |bucket| self.root.join(bucket))
    }

    /// The service, for those who sign with the functions' credentials.
    pub fn service(&self) -> Result<Buckets> {
        let files = FileSystem::new(&self.root).map_err(|error| anyhow!("{}: {error:?}", self.root.display()))?;
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        Ok(Buckets { service: builder.build(), writing: Arc::default() })
    }
}

/// The service, in which a write and a read of an object are one step each, as S3 has it: `s3s-fs` looks at a write's condition
/// first and writes then, and keeps an object and its ETag in two files. Parts of an upload are nobody's to read and go on beside.
#[derive(Clone)]
pub struct Buckets {
    service: S3Service,
    writing: Arc<RwLock<()>>,
}

impl Service<Request<Incoming>> for Buckets {
    type Response = HttpResponse;
    type Error = HttpError;
    type Future = futures::future::BoxFuture<'static, Result<HttpResponse, HttpError>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let Self { service, writing } = self.clone();
        let is_part = request.uri().query().is_some_and(|query| query.contains("uploadId="));
        Box::pin(async move {
            if *request.method() == Method::PUT && !is_part {
                let _alone = writing.write().await;
                Service::call(&service, request).await
            } else if *request.method() == Method::GET {
                // What is read from then on is an open file.
                let _beside_others = writing.read().await;
                Service::call(&service, request).await
            } else {
                Service::call(&service, request).await
            }
        })
    }
}
