/// The machine that a cluster is started on, and what must be there.
package dev.tiphys.cli.machine;
