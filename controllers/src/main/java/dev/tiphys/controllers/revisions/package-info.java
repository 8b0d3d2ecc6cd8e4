/// The templates that StatefulSets and DaemonSets had.
package dev.tiphys.controllers.revisions;
