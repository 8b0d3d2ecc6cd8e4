/// Groups of Pods, and gangs: groups of which enough Pods are scheduled at once, or none.
package dev.tiphys.scheduler.plugins.gangs;
