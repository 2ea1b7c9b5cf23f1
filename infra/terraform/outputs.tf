locals {
  # By the names that s.yaml reads. What is secret is not among them: it never passes through here.
  environment = {
    GATE_ROLE_ARN       = alicloud_ram_role.function["gate"].arn
    STARTER_ROLE_ARN    = alicloud_ram_role.function["starter"].arn
    TABLESTORE_ENDPOINT = local.tablestore_endpoint
    TABLESTORE_INSTANCE = alicloud_ots_instance.record.name
    INVOKE_ENDPOINT     = "https://${local.account}.${local.region}-internal.fc.aliyuncs.com"
    VPC_ID              = local.network.vpc_id
    VSWITCH_ID          = local.network.vswitch_id
    SECURITY_GROUP_ID   = local.network.security_group_id
    LOG_PROJECT         = alicloud_log_project.startgate.project_name
    LOG_STORE           = alicloud_log_store.functions.logstore_name
    PUBLIC_URL          = var.public_url
  }
}

output "environment" {
  description = "What s.yaml reads from the environment, but for the secrets, a line each: terraform output -raw environment"
  value       = join("", [for name, value in local.environment : "${name}=${value}\n" if value != null])
}
