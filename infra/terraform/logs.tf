# Where both functions write their lines.
resource "alicloud_log_project" "startgate" {
  project_name = coalesce(var.log_project, "startgate-${local.account}")
  description  = "Logs of the functions of Startgate"
  tags         = local.tags
}

resource "alicloud_log_store" "functions" {
  project_name     = alicloud_log_project.startgate.project_name
  logstore_name    = "functions"
  retention_period = var.log_days
  shard_count      = 1
}

resource "alicloud_log_store_index" "functions" {
  project  = alicloud_log_project.startgate.project_name
  logstore = alicloud_log_store.functions.logstore_name

  full_text {
    token = " \n\t\r,:;=\"'()[]{}"
  }

  dynamic "field_search" {
    for_each = ["functionName", "requestId"]

    content {
      name = field_search.value
      type = "text"
    }
  }
}
