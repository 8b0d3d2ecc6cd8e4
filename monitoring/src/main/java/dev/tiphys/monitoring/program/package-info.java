/// Programs that work for this process.
package dev.tiphys.monitoring.program;
