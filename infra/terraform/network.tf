# Where the functions stand: in the network that is named, or else in one of their own.
locals {
  made = var.network == null ? 1 : 0
  network = {
    vpc_id            = var.network == null ? one(alicloud_vpc.own[*].id) : var.network.vpc_id
    vswitch_id        = var.network == null ? one(alicloud_vswitch.own[*].id) : var.network.vswitch_id
    security_group_id = var.network == null ? one(alicloud_security_group.own[*].id) : var.network.security_group_id
  }
}

# Function Compute is not in every zone.
data "alicloud_fc_zones" "here" {
  count = local.made
}

resource "alicloud_vpc" "own" {
  count = local.made

  vpc_name   = "startgate"
  cidr_block = var.cidr_block
  tags       = local.tags
}

resource "alicloud_vswitch" "own" {
  count = local.made

  vswitch_name = "startgate"
  vpc_id       = alicloud_vpc.own[0].id
  cidr_block   = var.cidr_block
  zone_id      = data.alicloud_fc_zones.here[0].ids[0]
  tags         = local.tags
}

# Without rules it lets everything out and nothing in: nobody calls a function through its network.
resource "alicloud_security_group" "own" {
  count = local.made

  security_group_name = "startgate"
  description         = "The functions of Startgate"
  vpc_id              = alicloud_vpc.own[0].id
  inner_access_policy = "Drop"
  tags                = local.tags
}
