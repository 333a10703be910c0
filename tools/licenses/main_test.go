package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLicenseOf(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		file, text, want string
	}{
		"MPL":             {"LICENSE", "Copyright X\n\nMozilla Public License, version 2.0\n\n1. Definitions ... GNU General Public License", "MPL-2.0"},
		"Apache":          {"LICENSE.txt", "Apache License\n   Version 2.0, January 2004", "Apache-2.0"},
		"MIT, wrapped":    {"LICENSE.md", "Permission is hereby granted, free of\ncharge, to any person obtaining a copy", "MIT"},
		"ISC":             {"LICENSE", "Permission to use, copy, modify, and/or distribute this software for any purpose", "ISC"},
		"BSD-3":           {"LICENSE", "Redistribution and use in source and binary forms ... Neither the name of", "BSD-3-Clause"},
		"BSD-2":           {"COPYING", "Redistribution and use in source and binary forms", "BSD-2-Clause"},
		"GPL":             {"LICENSE", "GNU GENERAL PUBLIC LICENSE Version 3", ""},
		"AGPL":            {"LICENSE", "GNU Affero General Public License", ""},
		"business source": {"LICENSE", "Business Source License 1.1", ""},
		"no license file": {"README.md", "Permission is hereby granted, free of charge, to any person obtaining a copy", ""},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, tc.file), []byte(tc.text), 0o600); err != nil {
			t.Fatal(name, err)
		}
		if got := licenseOf(dir); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}
