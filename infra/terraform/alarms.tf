# Who is told when nobody looks. Metrics and their dimensions are named as CloudMonitor documents them; not tried there.
locals {
  alarmed = length(var.alarm_contact_groups) > 0
  watched = local.alarmed && var.public_url != null

  starter_limit = local.service.resources.starter.props.concurrencyConfig.reservedConcurrency

  alarms = {
    sweep-fails = { role = "starter", metric = "FunctionFunctionErrors", operator = ">", threshold = 0, minutes = 2 }
    # Where CloudMonitor has no value instead of 0, /healthz is what tells.
    sweep-silent = { role = "starter", metric = "FunctionTotalInvocations", operator = "<", threshold = 1, minutes = 5 }
    # Reminds of the emergency stop for as long as it is on.
    starter-full      = { role = "starter", metric = "FunctionOndemandActiveInstance", operator = ">=", threshold = local.starter_limit, minutes = 3 }
    starter-throttled = { role = "starter", metric = "FunctionConcurrencyThrottles", operator = ">", threshold = 0, minutes = 1 }
    gate-fails        = { role = "gate", metric = "FunctionFunctionErrors", operator = ">", threshold = 0, minutes = 2 }
    gate-answers-5xx  = { role = "gate", metric = "FunctionHTTPStatus5xx", operator = ">", threshold = 0, minutes = 3 }
  }
}

check "somebody_is_alarmed" {
  assert {
    condition     = local.alarmed
    error_message = "There are no alarms: alarm_contact_groups is empty."
  }
}

resource "alicloud_cms_alarm" "function" {
  for_each = { for name, alarm in local.alarms : name => alarm if local.alarmed }

  name           = "startgate-${each.key}"
  project        = "acs_fc"
  metric         = each.value.metric
  period         = 60
  silence_time   = 3600
  contact_groups = var.alarm_contact_groups
  tags           = local.tags

  metric_dimensions = jsonencode([{
    userId       = local.account
    region       = local.region
    serviceName  = ""
    functionName = local.functions[each.value.role]
  }])

  escalations_critical {
    statistics          = "Value"
    comparison_operator = each.value.operator
    threshold           = each.value.threshold
    times               = each.value.minutes
  }
}

# 503 when something approved is not taken up, or when the functions run different policies.
resource "alicloud_cms_site_monitor" "healthz" {
  count = local.watched ? 1 : 0

  task_name = "startgate_healthz"
  task_type = "HTTP"
  address   = "${var.public_url}/healthz"
  interval  = 1

  option_json {
    http_method = "get"
    timeout     = 10000

    assertions {
      type     = "status_code"
      operator = "is"
      target   = 200
    }
  }
}

resource "alicloud_cms_alarm" "healthz" {
  count = local.watched ? 1 : 0

  name              = "startgate-healthz"
  project           = "acs_networkmonitor"
  metric            = "Availability"
  period            = 60
  silence_time      = 3600
  contact_groups    = var.alarm_contact_groups
  metric_dimensions = jsonencode([{ taskId = alicloud_cms_site_monitor.healthz[0].id }])
  tags              = local.tags

  escalations_critical {
    statistics          = "Availability"
    comparison_operator = "<"
    threshold           = 50
    times               = 3
  }
}
