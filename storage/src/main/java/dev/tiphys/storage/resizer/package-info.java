/// Has volumes grow as their claims ask for it.
package dev.tiphys.storage.resizer;
