/// Who may say that an object is owned by another: the plugin OwnerReferencesPermissionEnforcement.
package dev.tiphys.apiserver.admission.owners;
