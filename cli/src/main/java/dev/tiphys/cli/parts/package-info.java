/// The parts of a cluster, each by itself: a command for each one that can run in a process of its
/// own.
package dev.tiphys.cli.parts;
