"""linkhealth every night, as an Airflow DAG (docs/schedulers/airflow.md)."""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(
    dag_id="linkhealth",
    description="Visit the links of the articles that are due, and report",
    schedule="17 2 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
) as dag:
    BashOperator(
        task_id="audit",
        bash_command="/opt/linkhealth/bin/linkhealth audit /srv/articles --quiet --fail-on never",
        # Another run is under way.
        skip_on_exit_code=75,
        # A run that was stopped goes on; a network that was down may be up again.
        retries=2,
        retry_delay=timedelta(minutes=30),
        execution_timeout=timedelta(hours=12),
    )
