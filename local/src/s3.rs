//! S3: the `s3s` crate's protocol over folders, with signatures checked, multipart uploads and presigned links.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;

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
    pub fn service(&self) -> Result<S3Service> {
        let files = FileSystem::new(&self.root).map_err(|error| anyhow!("{}: {error:?}", self.root.display()))?;
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        Ok(builder.build())
    }
}
