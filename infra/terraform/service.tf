# What s.yaml says: where the functions are, what they are called, how many instances they may have.
data "alicloud_account" "current" {}

locals {
  service = yamldecode(file("${path.module}/../../s.yaml"))
  region  = local.service.vars.region
  account = data.alicloud_account.current.id
  tags    = { application = "startgate" }

  # By role, as in infra/ram.
  functions = {
    gate    = local.service.vars.gate
    starter = local.service.vars.starter
  }
}
