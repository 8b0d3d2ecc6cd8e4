/// Stores as objects of the cluster: which are there, whether they work, and those that are open.
package dev.tiphys.secrets.stores;
