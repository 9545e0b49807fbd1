//! S3: the `s3s` crate's protocol over folders, with signatures and permissions checked, multipart uploads and presigned links.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use hyper::body::Incoming;
use hyper::service::Service;
use hyper::{Method, Request, Response, StatusCode};
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::SimpleAuth;
use s3s::path::S3Path;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{Body, HttpError, HttpResponse, S3Result, s3_error};
use s3s_fs::FileSystem;
use tokio::sync::RwLock;

use crate::iam::{ADMINISTRATOR, Caller, Iam, SECRET_KEY};
use crate::template::Template;

/// The buckets of the template, each a folder of this one; what is in the buckets stays.
pub struct S3 {
    root: PathBuf,
    buckets: Vec<String>,
    iam: Arc<Iam>,
}

impl S3 {
    /// Makes the folders that are not there yet.
    pub fn open(template: &Template, root: &Path, iam: Arc<Iam>) -> Result<Self> {
        let buckets = template.buckets()?;
        for bucket in &buckets {
            let folder = root.join(bucket);
            fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        Ok(Self { root: root.canonicalize()?, buckets, iam })
    }

    /// The folder of the bucket that reports go to.
    pub fn folder(&self) -> PathBuf {
        self.buckets.first().map_or_else(|| self.root.clone(), |bucket| self.root.join(bucket))
    }

    /// The service, for those who sign as a function or as the administrator.
    pub fn service(&self) -> Result<Buckets> {
        let files = FileSystem::new(&self.root).map_err(|error| anyhow!("{}: {error:?}", self.root.display()))?;
        let mut builder = S3ServiceBuilder::new(files);
        let mut keys = SimpleAuth::from_single(ADMINISTRATOR, SECRET_KEY);
        for key in self.iam.access_keys() {
            keys.register(key.to_owned(), SECRET_KEY.into());
        }
        builder.set_auth(keys);
        builder.set_access(Access(self.iam.clone()));
        Ok(Buckets { service: builder.build(), iam: self.iam.clone(), writing: Arc::default() })
    }
}

/// Asks IAM before each operation.
struct Access(Arc<Iam>);

#[async_trait::async_trait]
impl S3Access for Access {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        // Without credentials there is nobody to ask about.
        if context.credentials().is_none() {
            return Err(s3_error!(AccessDenied, "Access Denied"));
        }
        // Which permission an operation needs is said in the Service Authorization Reference.
        let action = match context.s3_op().name() {
            "HeadObject" => "GetObject",
            "CreateMultipartUpload" | "UploadPart" | "CompleteMultipartUpload" => "PutObject",
            "DeleteObjects" => "DeleteObject",
            "HeadBucket" | "ListObjects" | "ListObjectsV2" => "ListBucket",
            operation => operation,
        };
        let resource = match context.s3_path() {
            S3Path::Root => "*".to_owned(),
            S3Path::Bucket { bucket } => format!("arn:aws:s3:::{bucket}"),
            S3Path::Object { bucket, key } => format!("arn:aws:s3:::{bucket}/{key}"),
        };
        let caller = Caller::of(context.headers(), context.uri());
        self.0
            .check(&caller, &format!("s3:{action}"), &resource, &[])
            .map_err(|denied| s3_error!(AccessDenied, "{denied}"))
    }
}

/// The ARN of the bucket that a path begins with.
fn bucket_arn(path: &str) -> String {
    format!("arn:aws:s3:::{}", path.trim_start_matches('/').split('/').next().unwrap_or_default())
}

/// Who may not list a bucket is not told what is missing in it.
fn not_to_be_known() -> Result<HttpResponse, HttpError> {
    let body = r#"<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"#;
    let response = Response::builder().status(StatusCode::FORBIDDEN).header("content-type", "application/xml");
    response.body(Body::from(body.to_owned())).map_err(|error| HttpError::new(error.into()))
}

/// The service, in which a write and a read of an object are one step each, as S3 has it: `s3s-fs` looks at a write's condition
/// first and writes then, and keeps an object and its ETag in two files. Parts of an upload are nobody's to read and go on beside.
#[derive(Clone)]
pub struct Buckets {
    service: S3Service,
    iam: Arc<Iam>,
    writing: Arc<RwLock<()>>,
}

impl Service<Request<Incoming>> for Buckets {
    type Response = HttpResponse;
    type Error = HttpError;
    type Future = futures::future::BoxFuture<'static, Result<HttpResponse, HttpError>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let Self { service, iam, writing } = self.clone();
        let caller = Caller::of(request.headers(), request.uri());
        let bucket = bucket_arn(request.uri().path());
        let is_part = request.uri().query().is_some_and(|query| query.contains("uploadId="));
        Box::pin(async move {
            if *request.method() == Method::PUT && !is_part {
                let _alone = writing.write().await;
                Service::call(&service, request).await
            } else if *request.method() == Method::GET {
                // What is read from then on is an open file.
                let _beside_others = writing.read().await;
                let answer = Service::call(&service, request).await?;
                let is_missing = answer.status() == StatusCode::NOT_FOUND;
                match is_missing && iam.check(&caller, "s3:ListBucket", &bucket, &[]).is_err() {
                    true => not_to_be_known(),
                    false => Ok(answer),
                }
            } else {
                Service::call(&service, request).await
            }
        })
    }
}
