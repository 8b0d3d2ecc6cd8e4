/// Which addresses the Pods of each node get.
package dev.tiphys.controllers.nodeipam;
