/// The plugin about which Pods want each other near or far.
package dev.tiphys.scheduler.plugins.affinity;
