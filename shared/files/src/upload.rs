//! A file on its way into the bucket, by multipart upload as soon as it is larger than a part.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};
use tokio::task::JoinSet;

use crate::Error;

/// S3 takes 10,000 parts of 5 MiB or more (but the last), so this is enough for 80 GB.
const PART: usize = 8 << 20;
/// Parts on their way at once, while the next one is filled.
const IN_FLIGHT: usize = 2;

/// See [`Files::begin`](crate::Files::begin). Dropped before [`finish`](Self::finish) it leaves no file: [`abort`](Self::abort) frees
/// its parts at once, and the bucket's lifecycle does so after a day.
pub struct Upload {
    client: Client,
    bucket: String,
    key: String,
    content_type: &'static str,
    buffer: Vec<u8>,
    length: u64,
    /// S3's id, once there is a part.
    id: Option<String>,
    next_part: i32,
    done: Vec<CompletedPart>,
    // Ends with the upload: no task outlives the invocation that began it.
    sending: JoinSet<Result<CompletedPart, Error>>,
}

impl Upload {
    pub(crate) fn new(client: Client, bucket: String, key: String, content_type: &'static str) -> Self {
        Self {
            client,
            bucket,
            key,
            content_type,
            buffer: Vec::new(),
            length: 0,
            id: None,
            next_part: 1,
            done: Vec::new(),
            sending: JoinSet::new(),
        }
    }

    /// Adds bytes. Waits while enough parts are on their way.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        self.length += bytes.len() as u64;
        while self.buffer.len() + bytes.len() >= PART {
            let (fitting, rest) = bytes.split_at(PART - self.buffer.len());
            self.buffer.extend_from_slice(fitting);
            bytes = rest;
            self.send_part().await?;
        }
        if self.buffer.capacity() == 0 && self.id.is_some() {
            self.buffer.reserve_exact(PART);
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    /// S3's id of it, as soon as something was sent in parts.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    async fn send_part(&mut self) -> Result<(), Error> {
        let id = match &self.id {
            Some(id) => id.clone(),
            None => self.begin().await?,
        };
        while self.sending.len() >= IN_FLIGHT {
            self.wait_for_one().await?;
        }
        let number = self.next_part;
        self.next_part += 1;
        let part = self
            .client
            .upload_part()
            .bucket(&self.bucket)
            .key(&self.key)
            .upload_id(id)
            .part_number(number)
            .checksum_algorithm(ChecksumAlgorithm::Crc32)
            .body(ByteStream::from(std::mem::take(&mut self.buffer)));
        self.sending.spawn(async move {
            let sent = part.send().await?;
            Ok(CompletedPart::builder()
                .part_number(number)
                .set_e_tag(sent.e_tag)
                .set_checksum_crc32(sent.checksum_crc32)
                .build())
        });
        Ok(())
    }

    async fn begin(&mut self) -> Result<String, Error> {
        let begun = self
            .client
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(&self.key)
            .content_type(self.content_type)
            // Named here, or S3 refuses the checksums that the SDK sends with the parts.
            .checksum_algorithm(ChecksumAlgorithm::Crc32)
            .send()
            .await?;
        let id = begun.upload_id.ok_or_else(|| Error("an upload without an id".into()))?;
        self.id = Some(id.clone());
        Ok(id)
    }

    async fn wait_for_one(&mut self) -> Result<(), Error> {
        if let Some(sent) = self.sending.join_next().await {
            self.done.push(sent.map_err(|error| Error(error.to_string()))??);
        }
        Ok(())
    }

    /// Puts the file into the bucket, whole, and says how many bytes it has.
    pub async fn finish(&mut self) -> Result<u64, Error> {
        let Some(id) = self.id.clone() else {
            self.client
                .put_object()
                .bucket(&self.bucket)
                .key(&self.key)
                .content_type(self.content_type)
                .body(ByteStream::from(std::mem::take(&mut self.buffer)))
                .send()
                .await?;
            return Ok(self.length);
        };
        if !self.buffer.is_empty() {
            self.send_part().await?;
        }
        while !self.sending.is_empty() {
            self.wait_for_one().await?;
        }
        self.done.sort_by_key(|part| part.part_number);
        let parts = CompletedMultipartUpload::builder().set_parts(Some(std::mem::take(&mut self.done))).build();
        self.client
            .complete_multipart_upload()
            .bucket(&self.bucket)
            .key(&self.key)
            .upload_id(id)
            .multipart_upload(parts)
            .send()
            .await?;
        Ok(self.length)
    }

    /// Gives the file up.
    pub async fn abort(mut self) -> Result<(), Error> {
        self.sending.shutdown().await;
        if let Some(id) = self.id {
            self.client.abort_multipart_upload().bucket(&self.bucket).key(&self.key).upload_id(id).send().await?;
        }
        Ok(())
    }
}
