//! Report files in S3: written in parts as they are made, linked to for a moment, deleted.
#![warn(missing_docs)]

mod upload;

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::abort_multipart_upload::AbortMultipartUploadError;
use aws_sdk_s3::presigning::PresigningConfig;
use bytes::Bytes;

pub use upload::Upload;

/// What S3 did not do. Its text is for logs, never for clients.
#[derive(Debug, thiserror::Error)]
#[error("S3: {0}")]
pub struct Error(String);

impl<E, R> From<SdkError<E, R>> for Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    fn from(error: SdkError<E, R>) -> Self {
        match error.as_service_error() {
            Some(refusal) => Self(format!(
                "{}: {}",
                refusal.code().unwrap_or("without a code"),
                refusal.message().unwrap_or("without a message")
            )),
            // The connection: the whole chain, which has no answer in it.
            None => Self(DisplayErrorContext(error).to_string()),
        }
    }
}

/// The bucket of report files, cheap to clone.
#[derive(Clone)]
pub struct Files {
    client: Client,
    bucket: String,
}

impl Files {
    /// The bucket of this name. The SDK's own retries stay on: writing the same bytes again is harmless.
    pub fn new(config: &SdkConfig, bucket: String) -> Self {
        Self { client: Client::new(config), bucket }
    }

    /// Begins a file. Nothing is in the bucket before [`Upload::finish`].
    pub fn begin(&self, key: String, content_type: &'static str) -> Upload {
        Upload::new(self.client.clone(), self.bucket.clone(), key, content_type)
    }

    /// A file's bytes.
    pub async fn read(&self, key: &str) -> Result<Bytes, Error> {
        let object = self.client.get_object().bucket(&self.bucket).key(key).send().await?;
        let body = object.body.collect().await.map_err(|error| Error(error.to_string()))?;
        Ok(body.into_bytes())
    }

    /// Ends a multipart upload that somebody else has begun, whose parts go. It may have ended already.
    pub async fn end_upload(&self, key: &str, upload_id: &str) -> Result<(), Error> {
        let ended =
            self.client.abort_multipart_upload().bucket(&self.bucket).key(key).upload_id(upload_id).send().await;
        match ended {
            Err(error) if error.as_service_error().is_some_and(AbortMultipartUploadError::is_no_such_upload) => Ok(()),
            ended => Ok(ended.map(drop)?),
        }
    }

    /// Deletes a file, or what is not there.
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        self.client.delete_object().bucket(&self.bucket).key(key).send().await?;
        Ok(())
    }

    /// A link to a file, to be saved under this name, that is good for so long.
    pub async fn link(&self, key: &str, file_name: &str, valid_for: Duration) -> Result<String, Error> {
        let validity = PresigningConfig::expires_in(valid_for).map_err(|error| Error(error.to_string()))?;
        let request = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_disposition(format!("attachment; filename=\"{file_name}\""))
            .presigned(validity)
            .await?;
        Ok(request.uri().to_owned())
    }
}
