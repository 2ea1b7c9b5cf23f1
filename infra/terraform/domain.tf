# The gate's own domain. Its certificate is put on in the console of Function Compute, as is the switch to HTTPS alone: what
# Terraform is given stays in its state, and the private key of a certificate is not to be there.
resource "alicloud_fcv3_custom_domain" "gate" {
  count = var.custom_domain ? 1 : 0

  custom_domain_name = trimprefix(var.public_url, "https://")
  protocol           = "HTTP"

  route_config {
    routes {
      path          = "/*"
      function_name = local.functions.gate
      qualifier     = "LATEST"
      methods = one([
        for trigger in local.service.resources.gate.props.triggers : trigger.triggerConfig.methods
        if trigger.triggerType == "http"
      ])
    }
  }

  lifecycle {
    ignore_changes = [protocol, cert_config]

    precondition {
      condition     = var.public_url != null
      error_message = "The custom domain is the host of public_url, which is not set."
    }
  }
}
