/// Devices that claims were given (dynamic resource allocation): their drivers prepare them, and
/// containers are given them as the container device interface (CDI) says.
package dev.tiphys.node.devices;
