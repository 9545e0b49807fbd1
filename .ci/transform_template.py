"""Prints the CloudFormation template that the SAM transform makes of a SAM template.

Usage: transform_template.py TEMPLATE REGION

It works offline and without credentials. Before the transform, which lets misspelt properties of the HTTP API's
authorizer pass in silence, the serverless resources are held against the models that SAM publishes its schema from.
Findings go to standard error, and the exit status is then 1.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

from boto3 import Session
from samtranslator.compat import pydantic
from samtranslator.internal.schema_source.schema import Globals
from samtranslator.parser.parser import Parser
from samtranslator.public.exceptions import InvalidDocumentException
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

# The code is not built here. The transform asks for an address in S3 and does not look at what is there.
BUILT_CODE = "s3://not-a-bucket/built.zip"


def model_findings(template):
    """The properties of serverless resources and Globals that SAM does not know or whose type is wrong."""
    parts = [("Globals", Globals, template.get("Globals", {}))]
    for name, resource in template["Resources"].items():
        vendor, _, kind = resource["Type"].rpartition("::")
        if vendor == "AWS::Serverless":
            module = import_module(f"samtranslator.internal.schema_source.aws_serverless_{kind.lower()}")
            parts.append((f"Resources.{name}", module.Resource, resource))
    for where, model, value in parts:
        try:
            model.parse_obj(value)
        except pydantic.ValidationError as error:
            for finding in error.errors():
                path = ".".join(str(step) for step in finding["loc"])
                yield f"{where}.{path}: {finding['msg']}"


def main():
    path, region = sys.argv[1:]
    template = yaml_parse(Path(path).read_text(encoding="utf-8"))

    findings = list(model_findings(template))
    if findings:
        sys.exit("\n".join(findings))

    holders = [template.get("Globals", {}).get("Function", {})]
    holders += [resource.get("Properties", {}) for resource in template["Resources"].values()]
    for holder in holders:
        if "CodeUri" in holder:
            holder["CodeUri"] = BUILT_CODE

    # The map is of managed policies named without their ARN; the template names none.
    translator = Translator({}, Parser(), boto_session=Session(region_name=region))
    try:
        transformed = translator.translate(template, parameter_values={})
    except InvalidDocumentException as error:
        sys.exit("\n".join(cause.message for cause in error.causes))
    json.dump(transformed, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
