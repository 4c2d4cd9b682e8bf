"""Calls a vendor's own client, one JSON line for each call: [function, positional arguments, named arguments].

The first line is [client, settings]. Answers with one JSON line each: {"value": …}, or {"error": the exception's class, "message": …}.
"""

import json
import sys


def connect_gpudb(url, username, password):
    import gpudb

    options = gpudb.GPUdb.Options()
    options.username, options.password = username, password
    # Its binary encoding is Avro, which neither the sandbox nor Jobyard speaks.
    options.encoding = "JSON"
    # Otherwise it tries a server that it can't reach for minutes.
    options.initial_connection_attempt_timeout = 5000
    client = gpudb.GPUdb(host=url, options=options)
    return lambda function: getattr(client, function)


def connect_kylinpy(host, port, username, password, project):
    from kylinpy.kylinpy import Kylin

    # v4 is the API of Kylin 5.
    client = Kylin(host, username, password, port, project, version="v4")
    return lambda function: getattr(client, function) if hasattr(client, function) else getattr(client.service, function)


def connect_airflow(url, username, password):
    import airflow_client.client as airflow
    from airflow_client.client.api import dag_api, dag_run_api, monitor_api, task_instance_api, version_api, x_com_api
    import urllib.request

    body = json.dumps({"username": username, "password": password}).encode()
    request = urllib.request.Request(f"{url}/auth/token", data=body, headers={"content-type": "application/json"})
    with urllib.request.urlopen(request) as response:
        configuration = airflow.Configuration(host=url, access_token=json.load(response)["access_token"])
    client = airflow.ApiClient(configuration)
    apis = [dag_api.DAGApi, dag_run_api.DagRunApi, monitor_api.MonitorApi, task_instance_api.TaskInstanceApi, version_api.VersionApi, x_com_api.XComApi]
    return lambda function: next(getattr(api, function) for api in (kind(client) for kind in apis) if hasattr(api, function))


def to_json(value):
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if hasattr(value, "job_id"):
        return value.job_id
    return str(value)


def answer(make):
    try:
        return {"value": make()}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)}


def main():
    connections = {"gpudb": connect_gpudb, "kylinpy": connect_kylinpy, "airflow": connect_airflow}
    name, settings = json.loads(sys.stdin.readline())
    # What a client prints must not be taken for an answer.
    output, sys.stdout = sys.stdout, sys.stderr
    find = None

    def connect():
        nonlocal find
        find = connections[name](**settings)

    def reply(make):
        print(json.dumps(answer(make), default=to_json), file=output, flush=True)

    reply(connect)
    if find is None:
        return
    for line in sys.stdin:
        function, positional, named = json.loads(line)
        reply(lambda: find(function)(*positional, **named))


main()
