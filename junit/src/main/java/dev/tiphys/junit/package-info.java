/// A whole cluster inside a test: [VirtualCluster].
package dev.tiphys.junit;
