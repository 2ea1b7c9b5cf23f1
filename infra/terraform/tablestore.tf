# The record. Its tables are those of infra/tables.json, which the local cloud makes as well.
locals {
  tables              = jsondecode(file("${path.module}/../tables.json")).tables
  tablestore_endpoint = "https://${var.tablestore_instance}.${local.region}.vpc.tablestore.aliyuncs.com"
}

resource "alicloud_ots_instance" "record" {
  name             = var.tablestore_instance
  description      = "The record of Startgate"
  network_type_acl = var.tablestore_over_internet ? ["VPC", "INTERNET"] : ["VPC"]
  tags             = local.tags

  lifecycle {
    prevent_destroy = true
  }
}

resource "alicloud_ots_table" "record" {
  for_each = { for table in local.tables : table.name => table }

  instance_name = alicloud_ots_instance.record.name
  table_name    = each.value.name
  time_to_live  = each.value.timeToLive
  max_version   = each.value.maxVersions
  allow_update  = each.value.allowUpdate

  dynamic "primary_key" {
    for_each = each.value.primaryKey

    content {
      name = primary_key.value.name
      # What Tablestore calls STRING is String here.
      type = title(lower(primary_key.value.type))
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}
