/// The Secret that an ExternalSecret keeps: what it is to be, from what the stores have.
package dev.tiphys.secrets.kept;
