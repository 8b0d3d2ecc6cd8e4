/// Objects that a part of the cluster brings with it.
package dev.tiphys.client.defaults;
