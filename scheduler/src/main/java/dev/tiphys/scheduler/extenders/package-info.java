/// Programs that take part in decisions over HTTP.
package dev.tiphys.scheduler.extenders;
