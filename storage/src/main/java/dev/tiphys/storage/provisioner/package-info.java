/// Makes volumes of claims, and deletes those that were given back.
package dev.tiphys.storage.provisioner;
