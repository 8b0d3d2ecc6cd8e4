/// The one layer that reads a clock, sleeps, starts a thread or draws a random number.
///
/// Every part of a cluster is given a [World] and uses nothing else for these four things. On
/// [RealWorld] it runs as a program does; on [VirtualWorld] a whole cluster runs on virtual time,
/// one task at a time, in an order that a seed decides, until nothing is left to do.
package dev.tiphys.world;
