/// Gets the images that containers need onto the node.
package dev.tiphys.node.pull;
