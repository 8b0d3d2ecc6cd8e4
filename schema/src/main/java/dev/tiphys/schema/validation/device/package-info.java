/// Rules for devices: what nodes have, and what claims ask for.
package dev.tiphys.schema.validation.device;
