//! Raw calls, as CSV.

use callmetry_exports::{Export, header};
use callmetry_metrics::headlines::{Change, Figure, Headline, Verdict};
use callmetry_render::HeadlineText;
use futures::{StreamExt, TryStreamExt};

use crate::draft::Draft;
use crate::failure::Failure;
use crate::task::{Facts, Task};

/// Writes the file.
pub async fn write(task: &Task<'_>, draft: &mut Draft<'_>) -> Result<Facts, Failure> {
    let work = task.work;
    let export = Export::new(task.database.clone(), work.subject(), task.window, work.contents.filters);
    draft.write(&header(work.byte_order_mark)).await?;
    let mut pieces = export.pieces(export.begin().await?).boxed();
    while let Some(piece) = pieces.try_next().await? {
        draft.write(&piece).await?;
    }
    let calls = Headline {
        label: "Calls".into(),
        current: Figure::Count(export.rows()),
        previous: Figure::None,
        change: Change::None,
        verdict: Verdict::Neutral,
    };
    Ok(Facts { document: None, headlines: work.is_mailed.then(|| vec![HeadlineText::from(calls)]) })
}
