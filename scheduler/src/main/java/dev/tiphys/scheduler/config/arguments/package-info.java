/// The arguments of the default plugins: what they mean if nothing is said, and what may be said.
package dev.tiphys.scheduler.config.arguments;
