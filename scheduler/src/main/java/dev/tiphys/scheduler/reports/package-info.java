/// What the scheduler tells the cluster about Pods.
package dev.tiphys.scheduler.reports;
