#!/usr/bin/env bash
# The dashboard as a shared instance: on 127.0.0.1 only, for the proxy of deploy/Caddyfile. ATLAS_HOST is the address people type,
# ATLAS_FRAME_ANCESTORS the sites that may show it in a frame, with a space between; none without it.
# What stands here wins over the environment and over any config.toml, so that none of it is switched off by accident.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${ATLAS_HOST:?Say under which address people reach the dashboard: make serve ATLAS_HOST=atlas.example.org}"

options=(
    --server.address 127.0.0.1
    --server.port 8501
    --server.headless true
    --server.fileWatcherType none
    --server.allowedHosts "$ATLAS_HOST"
    --server.enableXsrfProtection true
    # A page of another address may not open a connection; the XSRF token does not cover that.
    --server.enableCORS true
    --server.enableAgentApi false
    --browser.serverAddress "$ATLAS_HOST"
    --browser.gatherUsageStats false
    # What went wrong inside is for the log, not for a reader.
    --client.showErrorDetails none
)
exec .venv/bin/python -m streamlit run deploy/instance.py "${options[@]}"
