variable "tablestore_instance" {
  description = "Name of the Tablestore instance that is made for the record."
  type        = string
  default     = "startgate"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,14}[a-z0-9]$", var.tablestore_instance))
    error_message = "A name has 3 to 16 small letters, digits and hyphens, a letter first and a hyphen not last."
  }
}

variable "tablestore_over_internet" {
  description = "Whether the Tablestore instance also hears what comes over the internet. Terraform makes the tables by calling it: true lets that be done from outside of the VPC; apply again with false afterwards."
  type        = bool
  default     = false
  nullable    = false
}

variable "network" {
  description = "The ids of an existing VPC, vSwitch and security group for the functions, in a zone that Function Compute has. Without them a network is made."
  type = object({
    vpc_id            = string
    vswitch_id        = string
    security_group_id = string
  })
  default = null

  validation {
    condition = var.network == null ? true : alltrue([
      can(regex("^vpc-[a-z0-9]+$", var.network.vpc_id)),
      can(regex("^vsw-[a-z0-9]+$", var.network.vswitch_id)),
      can(regex("^sg-[a-z0-9]+$", var.network.security_group_id)),
    ])
    error_message = "The ids look like vpc-…, vsw-… and sg-…."
  }
}

variable "cidr_block" {
  description = "The addresses of the network that is made: every instance of a function takes some of them."
  type        = string
  default     = "172.23.64.0/24"
  nullable    = false

  validation {
    condition = alltrue([
      can(cidrhost(var.cidr_block, 0)),
      can(regex("^(10|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168)\\.", var.cidr_block)),
      can(regex("/(1[6-9]|2[0-4])$", var.cidr_block)),
    ])
    error_message = "It is a private block of /16 to /24, such as 172.23.64.0/24."
  }
}

variable "log_project" {
  description = "Name of the log project that is made; no other on Alibaba Cloud may have it. Without one: startgate-<account id>."
  type        = string
  default     = null

  validation {
    condition     = var.log_project == null ? true : can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.log_project))
    error_message = "A name has 3 to 63 small letters, digits and hyphens, and a hyphen neither first nor last."
  }
}

variable "log_days" {
  description = "How many days logs are kept. The record is not in them, and is kept for ever."
  type        = number
  default     = 180
  nullable    = false

  validation {
    condition     = var.log_days >= 1 && var.log_days <= 3650 && floor(var.log_days) == var.log_days
    error_message = "It is a whole number of days from 1 to 3650."
  }
}

variable "public_url" {
  description = "Where people reach the gate, the page.origin of the policy. Without it nobody looks at /healthz, and PUBLIC_URL is not printed."
  type        = string
  default     = null

  validation {
    condition     = var.public_url == null ? true : can(regex("^https://([a-z0-9-]+\\.)+[a-z]+$", var.public_url))
    error_message = "It is https:// and a host name, with nothing after it."
  }
}

variable "custom_domain" {
  description = "Whether the host of public_url is made a custom domain of the gate. True once `s deploy` has made the gate, and the host is a CNAME of <account id>.<region>.fc.aliyuncs.com."
  type        = bool
  default     = false
  nullable    = false
}

variable "alarm_contact_groups" {
  description = "Alert contact groups of CloudMonitor that hear of alarms, by name. They are made in its console, where each contact agrees to be one. Without any there are no alarms."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for group in var.alarm_contact_groups : trimspace(group) != ""])
    error_message = "A group is named by the name that its console shows."
  }
}
