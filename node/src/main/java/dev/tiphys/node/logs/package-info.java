/// The output of containers, as runtimes write it to files: read, followed, rotated.
///
/// The form is that of the container runtime interface: a line is `<time> <stdout or stderr> <F or
/// P> <text>`. `P` marks a part of a line that was too long for one; the rest of it follows.
package dev.tiphys.node.logs;
