/// Reading a configuration strictly, and what may be wrong with it.
package dev.tiphys.scheduler.config.fields;
