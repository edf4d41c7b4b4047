module example.org/assignor

go 1.21
