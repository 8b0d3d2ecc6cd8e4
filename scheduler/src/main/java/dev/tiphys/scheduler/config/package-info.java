/// How a scheduler is to work: upstream's KubeSchedulerConfiguration.
package dev.tiphys.scheduler.config;
