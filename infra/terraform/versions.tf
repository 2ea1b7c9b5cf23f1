# All of a deployment that s.yaml does not make.
terraform {
  required_version = ">= 1.5.0"

  required_providers {
    alicloud = {
      source  = "aliyun/alicloud"
      version = "1.289.0"
    }
  }
}

provider "alicloud" {
  region = local.region

  # Tables are made by calls to the Tablestore instance itself, which by default hears only what comes from a VPC.
  endpoints {
    ots = var.tablestore_over_internet ? "" : local.tablestore_endpoint
  }
}
