/// The `tiphys` command. [dev.tiphys.cli.Main] reads the command line; each command is a class of
/// its own. [dev.tiphys.cli.Cluster] is the one place that puts all parts together.
package dev.tiphys.cli;
