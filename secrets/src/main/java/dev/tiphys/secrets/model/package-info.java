/// The objects of this module, read as they are meant.
package dev.tiphys.secrets.model;
