# The roles of the functions, with the very policies of infra/ram that the local cloud enforces.
locals {
  policies = {
    for role, name in local.functions : role => templatefile("${path.module}/../ram/${role}.json", {
      accountId = local.account
      region    = local.region
      instance  = var.tablestore_instance
      gate      = local.functions.gate
      starter   = local.functions.starter
    })
  }
}

resource "alicloud_ram_role" "function" {
  for_each = local.functions

  role_name   = each.value
  description = "Startgate: what its ${each.key} may do"
  tags        = local.tags

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = ["fc.aliyuncs.com"] }
    }]
  })
}

resource "alicloud_ram_policy" "function" {
  for_each = local.functions

  policy_name     = each.value
  description     = "Startgate: infra/ram/${each.key}.json"
  policy_document = jsonencode(jsondecode(local.policies[each.key]))
  rotate_strategy = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
  tags            = local.tags
}

resource "alicloud_ram_role_policy_attachment" "function" {
  for_each = local.functions

  role_name   = alicloud_ram_role.function[each.key].role_name
  policy_name = alicloud_ram_policy.function[each.key].policy_name
  policy_type = "Custom"
}
