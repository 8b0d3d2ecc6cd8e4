/// Making room: which Pods of lower priority have to leave for one that fits nowhere.
package dev.tiphys.scheduler.plugins.preemption;
