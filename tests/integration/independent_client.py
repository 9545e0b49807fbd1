"""The stand-ins as boto3 sees them, an independent client of the real services' models."""

import sys
from datetime import datetime, timedelta, timezone

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, ses_endpoint, cluster, secret, database = sys.argv[1:]
settings = Config(retries={"max_attempts": 1, "mode": "standard"})


def client(service, url):
    return boto3.client(
        service, endpoint_url=url, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x", config=settings
    )


api = client("rds-data", endpoint)
target = {"resourceArn": cluster, "secretArn": secret, "database": database}
checks = 0


def run(sql, **more):
    return api.execute_statement(**target, sql=sql, **more)


def same(found, expected):
    global checks
    checks += 1
    assert found == expected, f"{found!r} is not {expected!r}"


def refused(code, part, call, **more):
    global checks
    checks += 1
    try:
        call(**more)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        assert part in error.response["Error"]["Message"], error
        return error.response
    raise AssertionError(f"{more} was not refused")


def text(name, value, hint=None):
    parameter = {"name": name, "value": {"stringValue": value}}
    return parameter | ({"typeHint": hint} if hint else {})


uuid = "0b8a51d4-4d9e-4c07-8d2f-5b0d0c1a2b3c"
row = run(
    "select 1::int2, 2.5::float8, 3.10::numeric, true, 'x'::text, null::text, '\\x00ff'::bytea, '{\"a\": 1}'::jsonb,"
    " date '2026-01-31', time '10:30:00', timestamptz '2026-02-15 06:34:33.5+02', array[1, 2], '" + uuid + "'::uuid"
)["records"][0]
same(
    row,
    [
        {"longValue": 1},
        {"doubleValue": 2.5},
        {"stringValue": "3.10"},
        {"booleanValue": True},
        {"stringValue": "x"},
        {"isNull": True},
        {"blobValue": b"\x00\xff"},
        {"stringValue": '{"a": 1}'},
        {"stringValue": "2026-01-31"},
        {"stringValue": "10:30:00"},
        {"stringValue": "2026-02-15 04:34:33.5"},
        {"arrayValue": {"longValues": [1, 2]}},
        {"stringValue": uuid},
    ],
)
# Hints type a text, nothing else does.
same(run("select :id = '" + uuid + "'::uuid", parameters=[text("id", uuid, "UUID")])["records"], [[{"booleanValue": True}]])
refused("DatabaseErrorException", "operator does not exist: uuid = text", run, sql="select * from tenants where id = :id", parameters=[text("id", uuid)])
refused("DatabaseErrorException", "SQLState: 42883", run, sql="select * from tenants where id = :id", parameters=[text("id", uuid)])
same(run("select :t::timestamptz", parameters=[text("t", "2026-01-01T00:00:00Z")])["records"], [[{"stringValue": "2026-01-01 00:00:00"}]])
same(run("select :d", parameters=[text("d", "12.50", "DECIMAL")])["records"], [[{"stringValue": "12.50"}]])
same(run("select :d", parameters=[text("d", "2026-01-01", "DATE")])["records"], [[{"stringValue": "2026-01-01"}]])
same(run("select :n::text", parameters=[{"name": "n", "value": {"isNull": True}}])["records"], [[{"isNull": True}]])
same(run("select :b", parameters=[{"name": "b", "value": {"blobValue": b"\x01"}}])["records"], [[{"blobValue": b"\x01"}]])
refused("ValidationException", "Array parameters are not supported", run, sql="select :a", parameters=[{"name": "a", "value": {"arrayValue": {"longValues": [1]}}}])
# Shape of the answers.
answer = run("select 1 as one", includeResultMetadata=True)
same([answer["columnMetadata"][0]["label"], answer["columnMetadata"][0]["typeName"]], ["one", "int4"])
same("columnMetadata" in run("select 1 as one"), False)
same(run("select 1 as one, 'a' as two", formatRecordsAs="JSON")["formattedRecords"], '[{"one":1,"two":"a"}]')
same(run("insert into tenants (slug, name) values ('boto', 'x')")["numberOfRecordsUpdated"], 1)
same(run("update tenants set name = 'y' where slug = 'boto' returning name")["records"], [[{"stringValue": "y"}]])
same(run("select 1 where false")["records"], [])
same(run("select ':x', 1 -- :y")["records"], [[{"stringValue": ":x"}, {"longValue": 1}]])
# Limits.
refused("ValidationException", "Multistatements aren't supported", run, sql="select 1; select 2")
refused("BadRequestException", "size limit", run, sql="select repeat('x', 70000)")
refused("BadRequestException", "size limit", run, sql="select repeat('x', 60000) from generate_series(1, 20)")
refused("UnsupportedResultException", "INTERVAL", run, sql="select interval '1 day'")
refused("BadRequestException", "", api.execute_statement, **(target | {"resourceArn": cluster + "x"}), sql="select 1")
refused("BadRequestException", "", api.execute_statement, **(target | {"secretArn": secret + "x"}), sql="select 1")
refused("ValidationException", "Schema", api.execute_statement, **target, schema="public", sql="select 1")
# Batches and transactions.
sets = [[text("slug", f"batch-{n}")] for n in range(3)]
same(len(api.batch_execute_statement(**target, sql="insert into tenants (slug, name) values (:slug, 'x')", parameterSets=sets)["updateResults"]), 3)
begin = api.begin_transaction(**target)["transactionId"]
run("insert into tenants (slug, name) values ('gone', 'x')", transactionId=begin)
same(api.rollback_transaction(resourceArn=cluster, secretArn=secret, transactionId=begin)["transactionStatus"], "Rollback Complete")
same(run("select count(*) from tenants where slug = 'gone'")["records"], [[{"longValue": 0}]])
begin = api.begin_transaction(**target)["transactionId"]
run("insert into tenants (slug, name) values ('kept', 'x')", transactionId=begin)
same(api.commit_transaction(resourceArn=cluster, secretArn=secret, transactionId=begin)["transactionStatus"], "Transaction Committed")
gone = refused("TransactionNotFoundException", "is not found", run, sql="select 1", transactionId=begin)
same(gone["ResponseMetadata"]["HTTPStatusCode"], 404)
begin = api.begin_transaction(**target)["transactionId"]
refused("DatabaseErrorException", "division by zero", run, sql="select 1/0", transactionId=begin)
refused("TransactionNotFoundException", "is not found", run, sql="select 1", transactionId=begin)

# SES.
mail = client("sesv2", ses_endpoint)
unicode = lambda data: {"Data": data, "Charset": "UTF-8"}
message = {
    "FromEmailAddress": "Callmetry <reports@example.com>",
    "Destination": {"ToAddresses": ["ana@example.org"]},
    "Content": {
        "Simple": {
            "Subject": unicode("Grüße"),
            "Body": {"Text": unicode("x"), "Html": unicode("<p>x</p>")},
            "Headers": [{"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"}],
            "Attachments": [{"FileName": "x.csv", "RawContent": b"a,b", "ContentDisposition": "ATTACHMENT", "ContentTransferEncoding": "BASE64"}],
        }
    },
}
same(mail.send_email(**message)["MessageId"][:4], "0102")
refused("MessageRejected", "EU-WEST-1: a@example.net", mail.send_email, **(message | {"FromEmailAddress": "a@example.net"}))
gone = refused("NotFoundException", "Configuration set <x> does not exist.", mail.send_email, **message, ConfigurationSetName="x")
same(gone["ResponseMetadata"]["HTTPStatusCode"], 404)
refused("BadRequestException", "recipient", mail.send_email, **(message | {"Destination": {}}))
refused("BadRequestException", "Simple", mail.send_email, **(message | {"Content": {"Raw": {"Data": b"x"}}}))

# EventBridge Scheduler.
scheduler = client("scheduler", endpoint)
tick = scheduler.get_schedule(Name="callmetry-local-tick")
same([tick["State"], tick["ScheduleExpression"], tick["GroupName"], tick["Target"]["Input"]], ["ENABLED", "rate(1 minute)", "default", "{}"])
same(tick["CreationDate"].year >= 2026, True)
settable = ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target")
kept = {name: tick[name] for name in settable}
same(scheduler.update_schedule(**kept, State="DISABLED")["ScheduleArn"], tick["Arn"])
same(scheduler.get_schedule(Name=tick["Name"], GroupName="default")["State"], "DISABLED")
scheduler.update_schedule(**kept)
same(scheduler.get_schedule(Name=tick["Name"])["State"], "ENABLED")
past = datetime.now(timezone.utc) - timedelta(minutes=6)
refused("ValidationException", "StartDate", scheduler.update_schedule, **kept, StartDate=past)
gone = refused("ResourceNotFoundException", "does not exist", scheduler.get_schedule, Name="another")
same(gone["ResponseMetadata"]["HTTPStatusCode"], 404)
print(f"{checks} checks passed")
