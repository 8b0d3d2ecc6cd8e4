/// The roles that a process can play in a cluster: one of them, or all.
package dev.tiphys.cli.roles;
